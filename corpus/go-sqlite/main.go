package main

import (
	"database/sql"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/user"
	"time"

	"github.com/gin-gonic/gin"
	_ "github.com/mattn/go-sqlite3"
)

type task struct {
	ID   int       `json:"id"`
	Name string    `json:"name"`
	Due  time.Time `json:"due"`
}

func tasks(db *sql.DB) ([]task, error) {
	rows, err := db.Query("select id, name, due from task order by due")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []task
	for rows.Next() {
		var each task
		if err := rows.Scan(&each.ID, &each.Name, &each.Due); err != nil {
			return nil, err
		}
		all = append(all, each)
	}
	return all, rows.Err()
}

func main() {
	db, err := sql.Open("sqlite3", "todo.db")
	if err != nil {
		log.Fatal(err)
	}
	router := gin.Default()
	router.LoadHTMLGlob("views/*")
	router.GET("/", func(c *gin.Context) { c.String(200, "todo") })
	router.GET("/healthz", func(c *gin.Context) { c.JSON(200, gin.H{"ok": true}) })
	router.GET("/tasks", func(c *gin.Context) {
		all, err := tasks(db)
		if err != nil {
			c.JSON(500, gin.H{"error": err.Error()})
			return
		}
		zone, err := time.LoadLocation(c.DefaultQuery("zone", "UTC"))
		if err != nil {
			c.JSON(400, gin.H{"error": err.Error()})
			return
		}
		c.HTML(200, "tasks.html", gin.H{"tasks": all, "zone": zone})
	})
	router.GET("/search", func(c *gin.Context) {
		var name string
		err := db.QueryRow("select name from task where name like ?", "%"+c.Query("q")+"%").Scan(&name)
		if err != nil {
			c.JSON(404, gin.H{"error": err.Error()})
			return
		}
		c.String(200, name)
	})
	router.GET("/dump", func(c *gin.Context) {
		out, err := exec.Command("sqlite3", "todo.db", ".schema").CombinedOutput()
		if err != nil {
			c.String(500, err.Error())
			return
		}
		c.Data(200, "text/plain", out)
	})
	router.GET("/host", func(c *gin.Context) {
		addresses, err := net.LookupHost("localhost")
		c.JSON(200, gin.H{"addresses": addresses, "error": err})
	})
	router.GET("/account/:name", func(c *gin.Context) {
		account, err := user.Lookup(c.Param("name"))
		if err != nil {
			c.String(404, err.Error())
			return
		}
		c.String(200, account.HomeDir)
	})
	router.POST("/backup", func(c *gin.Context) {
		body, _ := io.ReadAll(c.Request.Body)
		if err := os.WriteFile("backup/note.txt", body, 0o600); err != nil {
			c.String(500, err.Error())
			return
		}
		c.String(200, "saved")
	})
	router.NoRoute(func(c *gin.Context) { c.HTML(404, "missing.html", nil) })
	log.Fatal(http.ListenAndServe(":8080", router))
}
